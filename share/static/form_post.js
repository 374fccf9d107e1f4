"use strict";
// The page's only form holds the answer for the application that the person came from. Its button stays for
// browsers without JavaScript.
HTMLFormElement.prototype.submit.call(document.getElementById("form-post"));
