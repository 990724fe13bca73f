// Answers with the first part of an expression that is not true, and with what it is instead.
const [texts, done] = arguments;
const parts = [PARTS];
(async () => {
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    let found;
    try {
      const value = await part();
      if (value) continue;
      found = `is ${value === "" ? "empty" : value}`;
    } catch (error) {
      found = `threw ${error}`;
    }
    return done(`\`${texts[index]}\` ${found} on ${location.pathname}`);
  }
  done(null);
})();
