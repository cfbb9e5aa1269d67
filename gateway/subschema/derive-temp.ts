import type { Unit } from '../../connectors/kit/manifest/model.ts';
export function toUnitSdl(unit: Unit): string {
  const types = unit.types.map((type) => {
    const directive = type.role === 'reading' ? ` @reading(of: "${type.of}", as: "${type.as}")` : '';
    const fields = [
      'id: ID!',
      'source: Source!',
      'location: Point',
      'division: Division',
      'divisionBasis: DivisionBasis!',
    ];
    for (const field of type.fields) {
      if (field.hidden || field.name === 'location') continue;
      fields.push(`${field.name}: ${field.graphql.list ? `[${field.graphql.name}!]` : field.graphql.name}`);
    }
    for (const link of type.links) if (link.to !== null) fields.push(`${link.name}: ${link.to.type}`);
    return `type ${type.name} implements Entity${directive} {\n  ${fields.join('\n  ')}\n}`;
  });
  const enums = unit.codes.map(
    (code) =>
      `enum ${code.name} { ${[...code.values.map((v) => v.name), ...(code.other ? [code.other] : [])].join(' ')} }`,
  );
  return [...types, ...enums].join('\n\n');
}
