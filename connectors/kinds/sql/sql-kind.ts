// The kind `sql`: PostgreSQL and MySQL/MariaDB, proven over the wire; SQL Server and Oracle, not verified over the wire.
import type { AccessSettings, ConnectorKind } from '../../kit/contract.ts';
import { openSqlSource, sqlCapabilities } from './open-sql-source.ts';

/** Reads relational databases: the URL's scheme picks the dialect, names are found in the catalogue, nothing is written. */
export const sqlKind = {
  kind: 'sql',
  capabilities: sqlCapabilities,
  open: async (settings: AccessSettings) => openSqlSource(settings),
} satisfies ConnectorKind;
