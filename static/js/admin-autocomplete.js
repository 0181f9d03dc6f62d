// select2 makes a text box of a choice, without its label. Screen readers hear the label of the field.
django.jQuery(() => {
  for (const box of document.querySelectorAll(".select2-selection__rendered[role='textbox']")) {
    const field = document.getElementById(box.id.replace(/^select2-(.*)-container$/, "$1"));
    const label = field?.labels?.[0];
    if (label) {
      box.setAttribute("aria-label", label.textContent.trim());
    }
  }
});
