"use strict";

// Redoc shows its own logo from its own host; this page loads nothing from elsewhere.
HTMLImageElement.prototype.setAttribute = function (name, value) {
  if (name !== "src" || new URL(value, location).origin === location.origin) {
    Element.prototype.setAttribute.call(this, name, value);
  }
};

const page = document.getElementById("redoc");

// Montserrat and Roboto, Redoc's own choice, would come from elsewhere too.
Redoc.init(
  page.dataset.schema,
  { theme: { typography: { fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" } } } },
  page,
);
