// 첫 화면과 옆 단 in the admin: blocks can be dragged to another place of their list. Without this there are buttons.
"use strict";

for (const list of document.querySelectorAll("[data-order]")) {
  const form = document.getElementById(list.dataset.order);
  let dragged = null;
  let before = "";
  const ids = () => [...list.children].map((item) => item.dataset.block).join(",");

  for (const item of list.children) {
    item.draggable = true;
    item.querySelector(".arrange-handle").hidden = false;
    item.addEventListener("dragstart", (event) => {
      dragged = item;
      before = ids();
      item.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.block); // Firefox drags nothing without data
    });
    item.addEventListener("dragend", () => {
      item.classList.remove("is-dragged");
      dragged = null;
      if (ids() === before) return;
      form.elements.ids.value = ids();
      form.submit();
    });
  }

  list.addEventListener("dragover", (event) => {
    if (!dragged) return; // from another list
    event.preventDefault();
    const others = [...list.children].filter((item) => item !== dragged);
    const next = others.find((item) => {
      const box = item.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    list.insertBefore(dragged, next || null);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
}
