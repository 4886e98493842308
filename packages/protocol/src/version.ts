/**
 * The version of the wire language. Raise it with every change of a schema that an older reader or writer would not
 * understand; the test beside this file fails when a schema drifts, so that nobody changes the wire unawares.
 */
export const PROTOCOL_VERSION = 1;
