// What a rejected file's reason says to the people of the department: the hub's own message, and what to do in Chinese.
import { HubError } from '../../../schema/errors.ts';
import type { Reason } from './put-away.ts';

const ZH: { readonly [code: string]: string } = {
  HUB_SOURCE_ENCODING: '文件编码与约定不符，未写入任何记录。请按 message 所示编码另存后重新放入。',
  HUB_SOURCE_FORMAT:
    '文件格式有误，未写入任何记录。请按 message 所示位置改正后重新放入；工作簿须为未设密码的 .xlsx。',
  HUB_SOURCE_LIMIT: '文件过大，未写入任何记录。请拆分后重新放入，或联系一张网调整上限。',
  HUB_MAP_SHAPE: '表头缺列或重名，或缺少约定的工作表，未写入任何记录。请按 message 改正后重新放入。',
};
const OTHER = '文件无法读取，未写入任何记录。请按 message 改正后重新放入。';

/** An error that is no HubError may say anything: its words stay in the hub's log. */
export function toReason(error: Error): Reason {
  if (!(error instanceof HubError)) return { code: 'HUB_INTERNAL', message: 'a fault of the hub', zh: OTHER };
  return { code: error.code, message: error.message, zh: ZH[error.code] ?? OTHER };
}
