/** The room of exports: files of audiences and their receipts. */
export { EXPORT_COLUMNS, type ExportColumn } from './columns.ts';
export { type ExportOptions, exportAudience, exportsFolder } from './csv.ts';
export { type ExportReceipt, type ExportRequest, readExport } from './receipt.ts';
