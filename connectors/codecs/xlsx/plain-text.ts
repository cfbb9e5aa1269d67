// Characters that XML cannot hold stand in a workbook as `_x000D_` (ECMA-376 §22.4.2.4); `_x005F_` is the underscore of one
// that is meant as it stands.

export function toPlainText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
