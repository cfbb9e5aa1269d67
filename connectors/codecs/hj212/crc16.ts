// The check value of HJ 212 (HJ 212-2017 Appendix A): the polynomial of Modbus, but each byte is laid over the high byte of
// the register, moved down, so that the low one is lost.

export function toCrc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc = (crc >> 8) ^ byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
