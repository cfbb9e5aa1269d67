// The kind `file`: folders in which a department leaves files.
import type { ConnectorKind } from '../../kit/contract.ts';
import { type FileParts, fileCapabilities, openFileSource } from './open-file-source.ts';

/** Reads watched folders (file://): complete files only, each whole or not at all, and puts them away. */
export function toFileKind(parts: FileParts): ConnectorKind {
  return {
    kind: 'file',
    capabilities: fileCapabilities,
    open: async (settings) => openFileSource(settings, parts),
  };
}
