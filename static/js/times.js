/*
 * `<time datetime="2026-12-01T14:03+09:00" data-ago>14:03</time>` reads '3분 전' for a day, and what the page
 * says afterwards. The server cannot write that: pages are cached for everybody. The whole time is its title.
 */
(function () {
  'use strict';

  const MINUTE = 60;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;

  function ago(seconds) {
    if (seconds < MINUTE) return '방금';
    if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}분 전`;
    return `${Math.floor(seconds / HOUR)}시간 전`;
  }

  function show() {
    for (const time of document.querySelectorAll('time[data-ago]')) {
      time.dataset.ago ||= time.textContent.trim();
      time.title ||= time.dateTime.slice(0, 16).replace('T', ' ');
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      // A clock that is slow by more than a minute knows nothing about what is new.
      const text = seconds > -MINUTE && seconds < DAY ? ago(seconds) : time.dataset.ago;
      if (time.textContent !== text) time.textContent = text;
    }
  }

  show();
  setInterval(() => document.hidden || show(), MINUTE * 1000);
  for (const event of ['visibilitychange', 'parts']) document.addEventListener(event, show);
})();
