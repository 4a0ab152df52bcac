// While something is worked on, the page is loaded again now and then; without script there is a link.

const LOOKS_EVERY = 2000; // milliseconds

if (document.querySelector("[data-working]")) setTimeout(() => location.reload(), LOOKS_EVERY);
