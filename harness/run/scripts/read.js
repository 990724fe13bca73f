// Evaluates an expression; what JSON cannot carry is said in words.
const [done] = arguments;
(async () => {
  try {
    const late = new Promise((turn) => setTimeout(turn, 3000, "did not settle"));
    const value = await Promise.race([(async () => EXPRESSION)(), late]);
    done(value === undefined ? "undefined" : value);
  } catch (error) {
    done("threw " + error);
  }
})();
