// The kind `file`: folders in which a department leaves files.
import type { Codecs } from '../../kit/codec.ts';
import type { ConnectorKind } from '../../kit/contract.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { fileCapabilities, openFileSource } from './open-file-source.ts';

/** Reads watched folders (file://): complete files only, each whole or not at all, and puts them away. */
export function toFileKind({ codecs, clock }: { codecs: Codecs; clock: Clock }): ConnectorKind {
  return {
    kind: 'file',
    capabilities: fileCapabilities,
    open: async (settings) => openFileSource(settings, codecs, clock),
  };
}
