// How large a request may be. The largest query that the console writes has some 20 KB; the rest is room for variables.

export const BODY_LIMIT_BYTES = 1_048_576;
