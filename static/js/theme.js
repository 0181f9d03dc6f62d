// The chosen theme and the density of lists, set before the page is drawn so that nothing flashes or moves.
// Loaded without `defer`.
try {
  for (const [name, ...values] of [
    ['theme', 'light', 'dark'],
    ['density', 'comfortable', 'compact'],
  ]) {
    const chosen = localStorage.getItem(name);
    if (values.includes(chosen)) document.documentElement.dataset[name] = chosen;
  }
} catch {
  // storage is closed to us: what the system and the owner have chosen
}
