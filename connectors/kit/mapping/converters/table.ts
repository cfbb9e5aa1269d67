// The nineteen converters by name (manifest §7). A conversion that is missing becomes a file beside this one.
import type { ConverterName } from '../../manifest/model.ts';
import { compileCode, compileConst } from './code.ts';
import { compileConcat } from './concat.ts';
import type { CompileConverter } from './converter.ts';
import { compileDivisions } from './divisions.ts';
import { compileDuration } from './duration.ts';
import { compileFlag, compileFlags } from './flag.ts';
import { compileDecimal, compileInteger, compileNumber } from './numbers.ts';
import { compileIdNumber, compilePhone, compilePlate } from './persons.ts';
import { compilePoint } from './point.ts';
import { compileShape } from './shape.ts';
import { compileTextField } from './text.ts';
import { compileDate, compileMonthDayField, compileTime } from './times.ts';

export const CONVERTERS: { readonly [Name in ConverterName]: CompileConverter } = {
  text: compileTextField,
  number: compileNumber,
  integer: compileInteger,
  decimal: compileDecimal,
  flag: compileFlag,
  flags: compileFlags,
  code: compileCode,
  time: compileTime,
  date: compileDate,
  monthDay: compileMonthDayField,
  duration: compileDuration,
  point: compilePoint,
  shape: compileShape,
  divisions: compileDivisions,
  plate: compilePlate,
  phone: compilePhone,
  idNumber: compileIdNumber,
  concat: compileConcat,
  const: compileConst,
};
