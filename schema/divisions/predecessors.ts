// Codes that a division had before: legacy systems still write them (GB/T 2260 keeps no history, the State Council's notices do).

/** Former county-level code → today's. 祁阳县 became the county-level city 祁阳市 in January 2021. */
export const PREDECESSORS: Readonly<Record<string, string>> = { '431121': '431181' };
