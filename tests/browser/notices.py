"""Which notifications were shown, counted where they are shown.

Asking Chromium for its notifications while it puts one up makes it forget that one: whoever waits
for a notification must not ask until it is there.
"""

NOTE_SHOWN = """() => {
    const show = ServiceWorkerRegistration.prototype.showNotification;
    self.shown = 0;
    ServiceWorkerRegistration.prototype.showNotification = async function (...all) {
        await show.apply(this, all);
        self.shown += 1;
    };
}"""
SHOWN = """async (count) => {
    const registration = self.registration ?? (await navigator.serviceWorker.ready);
    for (let tries = 0; tries < 300 && self.shown < count; tries += 1) {
        await new Promise((done) => setTimeout(done, 50));
    }
    const shown = await registration.getNotifications();
    return shown.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
}"""
