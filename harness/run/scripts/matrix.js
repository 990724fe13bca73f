// Calls each flawed event. A turn of the event loop after each lets late console messages of the
// SDK still follow the right mark.
const [rows, method, mark, done] = arguments;
const spoil = [SPOILERS];
(async function callAll() {
  const threw = [];
  for (const [index, data] of rows.entries()) {
    console.debug(mark + index);
    try {
      spoil[index](data);
      window.trackAlhenaEvent(method, data);
      threw.push(null);
    } catch (error) {
      threw.push(String(error));
    }
    await new Promise((turn) => setTimeout(turn));
  }
  console.debug(mark + rows.length);
  done(threw);
})();
