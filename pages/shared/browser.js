const LOOK_EVERY_MS = 100;
const LOOKS_AT_REST = 3;
const GIVE_UP_AFTER_MS = 5000;
const TO_PAGES =
  "[data-testid=stTopNavLink], [data-testid=stTopNavDropdownLink], [data-testid=stTopNavPopoverBody] a, " +
  "[data-testid=stPageLink-NavLink]";
let waiting;

// A page that draws itself anew by a timer may overtake a press on a link to a page: the timer's message names the page that
// is shown, and the server goes by what it heard last. So the link is pressed again when the app rests somewhere else.
function pressUntilThere(event) {
  if (!event.isTrusted) return;
  clearInterval(waiting);
  const link = event.target.closest?.(TO_PAGES);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const end = Date.now() + GIVE_UP_AFTER_MS;
  let looks = 0;
  waiting = setInterval(() => {
    if (location.pathname === link.pathname || !link.isConnected || Date.now() > end) return clearInterval(waiting);
    const app = document.querySelector("[data-testid=stApp]");
    looks = app?.dataset.testScriptState === "notRunning" ? looks + 1 : 0;
    if (looks >= LOOKS_AT_REST) {
      looks = 0;
      link.click();
    }
  }, LOOK_EVERY_MS);
}

// Keeps the id of this browser's bench in a cookie, so that a refresh and tomorrow's visit find it again.
export default function ({ data }) {
  document.cookie = `workbench=${data.workspace}; path=/; max-age=31536000; SameSite=Strict`;
  document.addEventListener("click", pressUntilThere, true); // once, however often this runs
}
