const [width, height, margin] = [360, 240, 48];

/**
 * An SVG of growth figures: time and peak memory over images, both axes from zero; a straight line from the origin through
 * the first point is what linear growth of time would be.
 *
 * @param {string} title
 * @param {readonly { images: number, seconds: { median: number }, peakBytes: { median: number } }[]} points
 */
export function growthPlot(title, points) {
  const panels = [
    panel(
      'seconds',
      points.map(({ images, seconds }) => [images, seconds.median]),
      true,
    ),
    panel(
      'peak memory, MB',
      points.map(({ images, peakBytes }) => [images, peakBytes.median / 1e6]),
      false,
    ),
  ];
  const body = panels.map((content, place) => `<g transform="translate(${place * width} 24)">${content}</g>`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${height + 24}" font-family="sans-serif" font-size="11">` +
    `<rect width="100%" height="100%" fill="white"/><text x="${margin}" y="16" font-size="12">${title}</text>` +
    `${body.join('')}</svg>\n`
  );
}

function panel(label, points, linear) {
  const [firstX, firstY] = points[0];
  const right = Math.max(...points.map(([x]) => x));
  const top = 1.1 * Math.max(linear ? (firstY * right) / firstX : 0, ...points.map(([, y]) => y));
  const x = (value) => (margin + (value / right) * (width - 2 * margin)).toFixed(1);
  const y = (value) => (height - margin - (value / top) * (height - 2 * margin)).toFixed(1);
  const ideal = linear
    ? `<line x1="${x(0)}" y1="${y(0)}" x2="${x(right)}" y2="${y((firstY * right) / firstX)}" stroke="#999" stroke-dasharray="4 3"/>`
    : '';
  const ticks = points.map(
    ([images, value]) =>
      `<text x="${x(images)}" y="${height - margin + 14}" text-anchor="middle">${images < 1000 ? images : `${images / 1000}k`}</text>` +
      `<circle cx="${x(images)}" cy="${y(value)}" r="3" fill="#06c"/>` +
      `<text x="${x(images)}" y="${Number(y(value)) - 7}" text-anchor="middle">${value < 10 ? value.toFixed(2) : value.toFixed(0)}</text>`,
  );
  return (
    `<path d="M${x(0)} ${y(top)}V${y(0)}H${x(right)}" fill="none" stroke="#333"/>${ideal}` +
    `<polyline points="${points.map(([images, value]) => `${x(images)},${y(value)}`).join(' ')}" fill="none" stroke="#06c"/>` +
    `${ticks.join('')}<text x="${margin}" y="${margin - 10}">${label}</text>` +
    `<text x="${width - margin}" y="${height - margin + 28}" text-anchor="end">images</text>`
  );
}
