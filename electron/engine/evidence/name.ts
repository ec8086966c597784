/** A name that others gave a file, as this machine may write it: no path, nothing that a shell or a file system takes amiss. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\\/:*?"<>|]/gu, '-')
    .replace(/^[.\s-]+|[.\s]+$/g, '')
    .slice(-120);
  return plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `evidence-${plain}` : plain;
}
