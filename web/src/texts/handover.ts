// SPDX-License-Identifier: EUPL-1.2
// Going on with a statement on another device.
import type { Catalogue } from './language';

export default {
	hand_over: ['Auf einem anderen Gerät weiterschreiben', 'Go on on another device'],
	lead: ['Sie bekommen einen Link. Wer ihn öffnet, hat den Entwurf, wie er jetzt ist, und kann ihn weiterschreiben. Ihr Text wird dafür verschlüsselt hinterlegt; lesen kann ihn nur, wer den Link hat. Hier bleibt der Entwurf erhalten.',
		'You get a link. Whoever opens it has the draft as it is now, and can go on with it. Your text is deposited encrypted; only who has the link can read it. The draft stays here as well.'],
	make: ['Link erstellen', 'Make the link'],
	link: ['Link zu Ihrem Entwurf', 'Link to your draft'],
	until: ['Er gilt einmal, bis {at}. Geben Sie ihn nur weiter, wenn jemand anderes weiterschreiben soll.', 'It holds once, until {at}. Pass it on only if somebody else is to go on writing.'],
	copy: ['Link kopieren', 'Copy the link'],
	copied: ['Der Link ist kopiert.', 'The link is copied.'],
	taken_title: ['Ihr Entwurf ist da', 'Your draft is here'],
	taken: ['Sie können auf diesem Gerät dort weiterschreiben, wo Sie aufgehört haben. Der Link ist damit verbraucht.', 'You can go on on this device where you stopped. The link is used up.'],
	make_another: ['Er wurde schon benutzt oder ist älter als eine Woche. Erstellen Sie auf dem Gerät, auf dem Sie geschrieben haben, einen neuen.', 'It was used already or is older than a week. Make a new one on the device on which you wrote.'],
	broken_title: ['Dieser Link ist nicht vollständig', 'This link is not complete'],
	broken: ['Der Entwurf lässt sich damit nicht öffnen. Kopieren Sie den Link noch einmal als Ganzes.', 'It does not open the draft. Please copy the whole link once more.'],
	replace_title: ['Entwurf auf diesem Gerät ersetzen?', 'Replace the draft on this device?'],
	replace: ['Auf diesem Gerät gibt es schon einen Entwurf für dieses Verfahren. Der Link bringt einen anderen mit.', 'There is a draft for this procedure on this device already. The link brings another one.'],
	replace_do: ['Durch den aus dem Link ersetzen', 'Replace it by that of the link'],
	keep_own: ['Diesen behalten', 'Keep this one'],
} as const satisfies Catalogue;
