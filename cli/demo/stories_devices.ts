import type { StoryRow } from "./story_row.ts";

export const DEVICE_STORIES: StoryRow[] = [
  [
    ["Network", "Wi-Fi"],
    ["i", "medium", "medium"],
    [
      "Wi-Fi on floor {floor} drops every few minutes",
      "No Wi-Fi in meeting room {room}",
    ],
    ["Since {time} the connection is lost about every ten minutes. My colleagues next to me have it too."],
    [
      [
        "Which access point does the Wi-Fi menu name, and does it happen on the guest network as well?",
        "It says AP-{floor}-07. The guest network holds.",
        "AP-{floor}-07 logs radar events on channel 100, moving it to 44",
      ],
    ],
    ["The access point changed channels because of weather radar. It is on a channel without radar now."],
    ["wifi"],
  ],
  [
    ["Network", "VPN"],
    ["i", "low", "high"],
    ["VPN does not connect from home", "VPN disconnects after a minute: {error}"],
    [
      "I work from home on {day}. The client says {error} and stops.\n\n- Restarted twice\n- Another network: the same",
    ],
    [
      [
        "Do you see a certificate warning? Please send a picture of the client's log window.",
        "No warning, the last line is {error}.",
        "Her certificate ran out; the renewal job skipped machines that were off",
      ],
    ],
    ["The certificate of the laptop had run out. It is renewed; connect once while in the office."],
    ["vpn", "home-office"],
  ],
  [
    ["Network", "VPN"],
    ["r", "low", "medium"],
    ["VPN access for {newcomer}", "VPN for a contractor in {site}"],
    ["From {day} on, for three months."],
    [
      ["Who is the responsible manager, and which systems are needed?", "I am. {app} and the drive {drive}."],
    ],
    ["Access is granted until the end of the quarter. The instructions are in the mailbox."],
    ["vpn"],
  ],
  [
    ["Network", "Cabling"],
    ["r", "low", "low"],
    ["Network socket in room {room} is dead", "Two more sockets at the desks on floor {floor}"],
    ["The lamp on the socket stays dark."],
    [
      ["Which number is on the socket?", "{floor}.14 on the left, by the window."],
    ],
    ["The socket was not patched. It is now, on VLAN 20."],
  ],
  [
    ["Network", "Internet"],
    ["i", "high", "high"],
    ["Internet in {site} is very slow", "{site} is offline"],
    ["Everybody here waits minutes for a page since {time}. Orders can't be entered."],
    [
      [
        "We see loss on the provider's line. Is the second line's lamp green?",
        "It blinks orange.",
        "Provider ticket 88-4412, failover did not switch because of the track object",
      ],
    ],
    ["The provider repaired the line. The switch to the second line works now: we tested it."],
    ["site-down"],
  ],
  [["Hardware", "Laptops"], ["i", "low", "medium"], [
    "{laptop} is slow and loud",
    "Battery of my {laptop} lasts an hour",
    "{laptop} does not wake up from sleep",
  ], [
    "It started about {time}. The fan runs all the time, even with nothing open.",
  ], [
    [
      "Could you leave it on and connected tonight? I'd like to run the diagnosis.",
      "It stays on the desk, connected.",
      "Battery at 41 % of design capacity, under warranty until March",
    ],
  ], [
    "The battery is replaced under warranty.",
    "A search index was being rebuilt in a loop; it is finished and the fan is quiet.",
  ], ["laptop"]],
  [
    ["Hardware", "Laptops"],
    ["r", "low", "medium"],
    ["Laptop for {newcomer}, who starts on {day}", "Replacement for my {laptop}, four years old"],
    [
      "Like the rest of the team: {laptop}, German keyboard, docking station.",
    ],
    [
      [
        "Which programs does the person need besides the usual?",
        "{app} and a PDF editor, please.",
        "Ordered, delivery in five working days",
      ],
    ],
    ["The laptop is set up and handed over, with dock and bag."],
    ["laptop", "onboarding"],
  ],
  [["Hardware", "Printers"], ["i", "medium", "low"], [
    "Printer on floor {floor} jams",
    "Printer on floor {floor} prints blank pages",
    "Scan to mail does not arrive",
  ], [
    "Tray 2, since {time}. The display says paper jam but there is none.",
  ], [
    [
      "Is there a small orange strip left in the toner slot?",
      "Yes! Should I pull it?",
      "Worn pickup roller, spare part in the store room",
    ],
  ], [
    "The pickup roller is replaced. Tray 2 works.",
    "The transport lock of the new toner was still in. It prints.",
  ], ["printer"]],
  [
    ["Hardware", "Screens and docks"],
    ["i", "low", "low"],
    ["Second screen stays black", "Dock does not charge the {laptop}"],
    ["It worked until {time}."],
    [
      [
        "Please unplug the dock from power for ten seconds and try the other cable.",
        "The other cable works.",
      ],
    ],
    ["The cable was broken: a new one is on the desk."],
  ],
  [
    ["Hardware", "Meeting rooms"],
    ["i", "medium", "medium"],
    ["Camera in {room} is not found", "Sound in {room} echoes"],
    ["We have guests there on {day}."],
    [
      [
        "Does the panel by the door show the room as signed in?",
        "It says “sign in again”.",
        "Room account password expired, excluded it from the policy",
      ],
    ],
    ["The room is signed in again, and its account won't run out any more."],
    ["meeting-room"],
  ],
  [
    ["Hardware", "Phones"],
    ["r", "low", "low"],
    ["Work phone for {newcomer}", "Number moves with me to a {phone}"],
    ["The old one goes back to you."],
    [
      ["Do you keep the SIM, or shall we make an eSIM?", "eSIM, please."],
    ],
    ["The eSIM is active; the letter with the code is in the internal post."],
    ["phone"],
  ],
];
