// As `Task::turn` in src/turns.rs: a turn lasts at least 100 ms, and its time is the median of what fitted in.
export function turn(task) {
  const begun = performance.now();
  const times = [];
  while (!times.length || performance.now() - begun < 100) {
    const started = performance.now();
    task();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}

/** What each task takes when nothing has run yet, and nothing is compiled or cached. */
export function firstTimes(tasks) {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => {
      const started = performance.now();
      task();
      return [name, performance.now() - started];
    }),
  );
}

/** What was read, in few numbers: as `digest` in src/lib.rs. */
export function digest(items) {
  const sum = (of) => items.reduce((total, item) => total + of(item), 0);
  return [
    items.length,
    sum((item) => item.subject.length),
    sum((item) => item.body.length),
    sum((item) => item.linkId.length),
    sum((item) => item.participants + item.categories),
  ];
}
