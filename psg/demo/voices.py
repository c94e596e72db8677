"""What the invented officers write: varied voices, some dull. No names, so that one text fits many cases."""

NOTES_ABOUT_PEOPLE = (
    "Called at the address at half past ten. No answer, curtains drawn. Card left with the number for the duty desk.",
    "Spoke on the doorstep for about ten minutes. Calm, apologetic, and said the last fortnight had been hard. Agreed to "
    "come to the office on Thursday.",
    "Did not come to the office. Rang at four to say there had been no bus. New appointment made for next week.",
    "Joint visit with Fire. Smoke alarm fitted in the hall, second one refused. Agreed to keep the back door clear.",
    "Neighbour rang to say the shouting went on until two. She does not want her details passed on and will not make a "
    "statement. She has started a diary and will bring it in.",
    "Diary sheets received: eleven entries in sixteen days, most between nine and midnight.",
    "Reviewed with my supervisor. No change.",
    "Checked our system for the last twelve months: four calls, two of them about the same evening. Nothing before that.",
    "Met at the hub with a support worker present. Talked about money first: rent is three weeks behind and a payment is "
    "due on Friday. Referral to the debt adviser made there and then, and accepted.",
    "The support worker says engagement is better in the mornings. Suggest that all of us stop booking afternoons.",
    "Declined the appointment with the drug and alcohol service for the second time, politely. Offer left open and dated.",
    "Accepted the appointment with the drug and alcohol service. First session on Monday.",
    "Attended the first session and asked for a second.",
    "Two calls over the weekend, both to say that nothing had happened. Thanked for ringing; asked to use the day number.",
    "Housing have repaired the entry door. It closes by itself now and the code has been changed.",
    "Warning given in writing and explained aloud. Understood, and signed.",
    "Seen in town by the neighbourhood officer, on good terms, nothing of concern.",
    "A longer note because the picture has changed. Since the last meeting there have been fewer calls, but the ones that "
    "come are of another kind: worry about bills and post rather than about the neighbours. The letters are mostly from "
    "one lender. I think that the earlier calls were partly about this and nobody asked. I have left a form for the "
    "adviser and will go back with it next week.",
    "Letter returned, not known at this address. Checked with Housing: the flat number was wrong on our side, now put right.",
    "Telephone call with the allocated worker. Assessment is booked for the ninth; they will ring me afterwards.",
    "The worker rang back as promised. Eligible for support with shopping and tablets, to start in ten days.",
    "Nothing to report this week.",
)
NOTES_ABOUT_PLACES = (
    "Walked through at six and again at nine. Quiet both times. Two lamps out on the north side, reported.",
    "Lamps repaired. Photographs before and after are with the council's lighting team.",
    "Twelve people on site at half past eight, mostly older teenagers. Moved on without trouble when asked.",
    "Site meeting with the manager, Fire and the ward councillor. Agreed: cut the hedge back, move the bins, and a sign "
    "with the number to ring.",
    "Hedge cut. It opens the sight line from the road as we hoped.",
    "The manager has not answered two letters. Third sent, recorded delivery.",
    "Counted litter and glass along the same hundred metres as last month: nine pieces, was thirty-one.",
    "Residents' drop-in: fourteen people came. Most wanted to talk about lighting; two about being followed home.",
    "Camera request sent with the assessment of what it would add. Answer expected within a month.",
    "Camera refused: the site does not meet the threshold. The manager will look at a better gate instead.",
    "Small fire in the corner by the fence, out on arrival. Accelerant not thought likely. Fire investigation informed.",
    "Patrol at the times the analysis named. Nobody there on four evenings out of five.",
    "Shop staff say it is better on weekdays and no better on Saturdays.",
    "Survey done with the crime reduction officer. Three things would help and none is expensive.",
    "Nothing to report this week.",
    "Gate fitted and locked at dusk by the warden. Key holders' list agreed.",
)
ACTIONS = (
    "Visit with the neighbourhood officer",
    "Ring the allocated worker and note what is agreed",
    "Send the diary sheets and explain how to fill them in",
    "Check the tenancy file for earlier warnings",
    "Offer a safe and well visit again",
    "Ask the lighting team for a date",
    "Book a room at the hub for a joint appointment",
    "Bring the last twelve months of calls to the meeting",
    "Write to the owner about the fence",
    "Ask for the assessment to be brought forward",
    "Speak to the school about transport",
    "Draft an acceptable behaviour contract for discussion",
    "Arrange an interpreter for the next visit",
    "Check whether other addresses in the row are affected",
    "Make the referral to the debt adviser",
    "Agree one number for all of us to give out",
)
OUTCOMES = (
    "Done as planned.",
    "Done; nobody at home the first time, seen at the second visit.",
    "Done by telephone instead, at their wish.",
    "Agreed and confirmed in writing.",
    "Done late because of leave.",
)
DROPPED = "No longer needed: another agency had already done it."
DECISIONS = (
    "Keep the case; the plan is the right one and needs another month.",
    "Two agencies agree to visit together rather than apart.",
    "The lead stays where it is. Fire to be told before any entry.",
    "Wait for the assessment before anything else is tried.",
    "Offer support first; come back to warnings only if it is declined.",
    "Write to the manager in the partnership's name.",
)
INFORMATION = (
    "Rent is paid up to date.",
    "No calls to the ambulance service since the last meeting.",
    "Nothing held by probation.",
    "Attended two of three appointments.",
    "The repair is done.",
    "A new tenant moves in on the first.",
)
SHARED = (
    ("Calls and visits in the last three months, in counts by type", "To see whether the pattern is getting better"),
    ("Current address and telephone number", "To arrange a joint visit"),
    ("Tenancy status and warnings given", "To decide which step is proportionate"),
    ("Outcome of the safe and well visit", "To know whether the home is safe to enter"),
    ("Appointments offered and whether they were kept", "To plan support around what is already offered"),
    ("Dates and places of reported incidents", "To test what lies behind the problem"),
)
NECESSARY = (
    "The visit cannot be planned safely without it, and no less would do.",
    "Each agency holds a part of the pattern; only together does it show what is happening.",
    "The step that is being considered needs the history, and the person would expect it to be looked at.",
    "Without the date and place the hypothesis cannot be tested.",
)
PROPORTIONATE = (
    "Counts only, no text of any call; kept until the case closes.",
    "Limited to what the worker needs for the visit, and not to be passed on.",
    "Only the last three months, and only to the named officer.",
    "No health detail is included. The benefit to the person outweighs the intrusion.",
)
EVIDENCE = (
    "Incident log, last 28 days",
    "Diary sheets",
    "Officer's visit",
    "Housing file",
    "Call data from two agencies",
    "Told us at the visit",
)
