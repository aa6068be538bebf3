import { setFlagsFromString } from 'node:v8'

/**
 * Imported first by every role. They hold and pass on large buffers, which lie outside V8's heap: histories of gigabytes, messages of a megabyte
 * that come and go. Left alone, V8 marks its whole heap once 64 MB of such memory were allocated since the last time, several times a
 * second under load; with the flag it does so when heap and buffers together have grown by a share of what is there.
 */
setFlagsFromString('--external-memory-accounted-in-global-limit')
