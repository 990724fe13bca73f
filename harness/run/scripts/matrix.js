// Calls each flawed event. After each, one turn of the event loop, so that a message which the SDK
// logs late still follows the right mark.
const [rows, method, marks, done] = arguments;
const spoil = [SPOILERS];
(async function callAll() {
  const threw = [];
  for (let index = 0; index < rows.length; index += 1) {
    const data = rows[index];
    console.debug(marks[index]);
    try {
      spoil[index](data);
      window.trackAlhenaEvent(method, ofThePage(data));
      threw.push(null);
    } catch (error) {
      threw.push(String(error));
    }
    await new Promise((turn) => setTimeout(turn));
  }
  console.debug(marks[rows.length]);
  done(threw);
})();
