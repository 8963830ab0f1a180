import type { StoryRow } from "./story_row.ts";

export const SERVICE_STORIES: StoryRow[] = [
  [
    ["Access", "Passwords"],
    ["i", "low", "high"],
    ["Locked out of my account", "Password expired while on holiday"],
    ["I typed it wrong too often and now nothing works. I am at {site}."],
    [
      ["I call you on the number in the directory to check that it's you.", "Done, thank you for calling."],
    ],
    ["The account is unlocked and has a new password that was set by its owner."],
    ["password"],
  ],
  [
    ["Access", "Shared drives"],
    ["i", "medium", "medium"],
    ["Cannot open the shared drive “{drive}”", "Drive “{drive}” is read-only since {time}"],
    [
      "Windows says “access denied”.\n\n- I was added to the group\n- A restart did not help\n\n```\nnet use F: \\\\files\\{drive}\nSystem error 5 has occurred.\n```",
    ],
    [
      [
        "Which folder exactly, and since when?",
        "The whole drive, since {time}.",
        "The new group sits below {drive}-RO, so the token only reads",
      ],
    ],
    ["The group was below the read-only one. It is moved; sign out and in again."],
    ["drive"],
  ],
  [
    ["Access", "Permissions"],
    ["r", "low", "medium"],
    ["Access to {app} for {newcomer}", "Please add me to the group “{drive}”"],
    ["My manager agrees and is in copy."],
    [
      ["Reading, or writing as well?", "Writing as well, please."],
    ],
    ["Granted. It works after the next sign-in."],
    ["access"],
  ],
  [["Access", "Onboarding and leaving"], ["r", "low", "medium"], [
    "{newcomer} starts on {day}",
    "{newcomer} leaves at the end of the month",
  ], [
    "Account, mail, drive {drive} and {app}, please.",
  ], [
    [
      "Which cost centre, and who is the manager?",
      "4711, and that's me.",
      "Checklist done but for the door badge",
    ],
  ], [
    "Everything on the list is done.",
    "The account closes on the last day at 18:00; the mailbox goes to the manager.",
  ], ["onboarding"]],
  [
    ["Access", "Two-factor"],
    ["i", "low", "high"],
    ["New {phone}, no codes any more", "Authenticator asks for a code that I don't have"],
    ["The old phone is wiped already."],
    [
      ["I can reset the second factor after a call. When can I reach you?", "Any time until four."],
    ],
    ["The second factor is set up on the new phone."],
    ["two-factor"],
  ],
  [
    ["Applications", "ERP"],
    ["i", "high", "medium"],
    ["{app} is slow since {time}", "Cannot post invoices: {error}"],
    ["Every booking takes a minute. The month end is close."],
    [
      [
        "Does it happen with all bookings, or with those over several lines?",
        "Only with those over a hundred lines.",
        "Missing index after the weekend's patch, DBA informed",
      ],
    ],
    ["The database had lost an index in the patch. It is back, and bookings take a second."],
    ["erp", "month-end"],
  ],
  [
    ["Applications", "Mail"],
    ["i", "low", "medium"],
    ["Mailbox is full", "Mails to a customer come back", "Shared mailbox is missing in Outlook"],
    ["It began {time}. The message is {error}."],
    [
      [
        "Please forward me one of the returned mails as an attachment.",
        "Sent.",
        "Their SPF record is broken, not ours",
      ],
    ],
    [
      "The old years moved to the archive, which is searched as well.",
      "The other side has repaired its mail records; mails arrive.",
    ],
    ["mail"],
  ],
  [
    ["Applications", "CRM"],
    ["i", "medium", "medium"],
    ["{app} shows customers twice", "Report in {app} is empty"],
    ["Since the import on {day}."],
    [
      [
        "Which filter is on in the report?",
        "None, I reset it.",
        "Import ran twice, second run without the dedup key",
      ],
    ],
    ["The second import is taken back, and the import can't run twice any more."],
  ],
  [
    ["Applications", "Software"],
    ["r", "low", "low"],
    ["Please install a PDF editor", "Licence for {app}"],
    ["For the project with {site}."],
    [
      ["There is a free licence. May it be charged to your cost centre?", "Yes, 4711."],
    ],
    ["Installed; it is in the start menu."],
    ["software"],
  ],
  [
    ["Service desk", "Security"],
    ["i", "high", "high"],
    ["Suspicious mail asks for my password", "Clicked a link in a strange mail"],
    ["From “IT Suport”, with a link to a form."],
    [
      [
        "Thank you for telling us at once. Did you type a password anywhere?",
        "No, I closed it.",
        "Blocked the sender and the domain, 14 others got it, nobody typed anything",
      ],
    ],
    ["The sender is blocked and the mail removed from all mailboxes. You did everything right."],
    ["phishing", "security"],
  ],
  [
    ["Service desk", "Questions"],
    ["r", "low", "low"],
    ["How do I share a calendar with {site}?", "Where do I find the holiday form?"],
    ["I looked on the intranet and did not find it."],
    [
      ["Do they have accounts of ours, or addresses of their own?", "Accounts of ours."],
    ],
    ["The steps are in the article “Sharing a calendar”. Tell us if one is unclear."],
  ],
  [
    ["Service desk", "Meeting rooms"],
    ["r", "medium", "low"],
    ["Room {room} needs a second screen", "Whiteboard pens for {room}"],
    ["We sit there with guests twice a week."],
    [
      ["Wall or stand?", "Stand, so that it can move."],
    ],
    ["It stands in the room since {day}."],
    ["meeting-room"],
  ],
];
