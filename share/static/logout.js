"use strict";
// The page goes on when all frames have answered, or after five seconds if one does not. The link stays for browsers
// without JavaScript.
const next = document.getElementById("logout-continue");
let gone = false;
const goOn = () => {
  if (!gone) location.replace(next.href);
  gone = true;
};
if (document.readyState === "complete") goOn();
addEventListener("load", goOn);
setTimeout(goOn, 5000);
