// Topics as a manifest writes them (§3.4): `{site}` is one level, taken as the column `@site`; `+` is one level; a last `#`
// all that follow. Pure.

/** The captures of a topic (`@site` → A1) in the pattern's order, or null when it does not match. */
export type TopicMatcher = (topic: string) => { readonly [column: string]: string } | null;

/** As MQTT subscribes to it. */
export function toFilter(pattern: string): string {
  return pattern
    .split('/')
    .map((level) => (/^\{.*\}$/.test(level) ? '+' : level))
    .join('/');
}

export function toTopicMatcher(pattern: string): TopicMatcher {
  const levels = pattern.split('/');
  const isOpen = levels.at(-1) === '#';
  const fixed = isOpen ? levels.slice(0, -1) : levels;
  return (topic) => {
    const own = topic.split('/');
    if (isOpen ? own.length < fixed.length : own.length !== fixed.length) return null;
    // MQTT 4.7.2: a wildcard at the beginning takes none of the broker's own topics.
    if (topic.startsWith('$') && !pattern.startsWith('$')) return null;
    const captures: Record<string, string> = {};
    for (const [index, level] of fixed.entries()) {
      const found = own[index] ?? '';
      const name = /^\{(.*)\}$/.exec(level)?.[1];
      if (name !== undefined) captures[`@${name}`] = found;
      else if (level !== '+' && level !== found) return null;
    }
    return captures;
  };
}
