// Evaluates an expression; what JSON cannot carry is said in words.
const [done] = arguments;
(async () => {
  try {
    const value = await (EXPRESSION);
    done(value === undefined ? "undefined" : value);
  } catch (error) {
    done("threw " + error);
  }
})();
