// The list of talks shows when each begins in the reader's own time.
const day = new Intl.DateTimeFormat(root.lang, { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat(root.lang, { hour: '2-digit', minute: '2-digit' });
for (const time of all('time')) {
  const at = new Date(time.dateTime);
  const isToday = at.toDateString() === new Date().toDateString();
  say(time, (isToday ? '' : `${day.format(at)}, `) + clock.format(at));
}
