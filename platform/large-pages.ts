/**
 * For roles that hold gigabytes in memory and look all over them: has glibc (2.35 or newer, Linux) ask for pages of 2 MB, of which a
 * processor's own table of addresses covers far more. Elsewhere the variable means nothing.
 */
export const largePages = { GLIBC_TUNABLES: process.env['GLIBC_TUNABLES'] ?? 'glibc.malloc.hugetlb=1' }
