/** A table of the sets that were drawn: package, version, author, licence and how many pictures show them. */
export function sourcesPage(drawn) {
  const rows = [...drawn]
    .sort(([a], [b]) => (a.name < b.name ? -1 : 1))
    .map(
      ([{ name, version, author, licence }, count]) =>
        `| @iconify-json/${name} ${version} | ${author} | ${licence} | ${count} |`,
    );
  return ['| package | author | licence | pictures |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
