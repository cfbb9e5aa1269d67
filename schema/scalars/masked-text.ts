// What a mask made of a citizen's value (139****0000), on its way out through the gateway. Stitching reads every value of a
// unit's answer with `parseValue`, as if somebody had sent it in; JSON cannot hold one of these, so nobody can.

export class MaskedText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
