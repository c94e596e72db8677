"""What the invented officers write: varied voices, some dull. No names, so that one text fits many cases.

Each heading says where its texts make sense: of anyone, of anywhere, or only where there is a tenancy,
a drinking problem, somebody who is harmed, somebody who needs care, or young people.
"""

NOTES: dict[str, tuple[str, ...]] = {
    "person": (
        "Called at half past ten. No answer, curtains drawn. Card left with the number for the duty desk.",
        "Spoke on the doorstep for about ten minutes. Calm, apologetic, and said the last fortnight had been hard. Agreed "
        "to come to the office on Thursday.",
        "Did not come to the office. Rang at four to say there had been no bus. New appointment made for next week.",
        "Reviewed with my supervisor. No change.",
        "Checked our system for the last twelve months: four calls, two of them about the same evening. Nothing before that.",
        "Two calls over the weekend, both to say that nothing had happened. Thanked for ringing; asked to use the day number.",
        "Seen in town by the neighbourhood officer, on good terms, nothing of concern.",
        "Letter returned, not known at this address. Checked: the house number was wrong on our side, now put right.",
        "Telephone call with the allocated worker. The assessment is booked; they will ring me afterwards.",
        "The worker rang back as promised. Nothing further from their side this week.",
        "Nothing to report this week.",
        "Nothing to report.",
        "Met at the hub with a support worker present. Talked about money first: a payment is due on Friday. Referral to "
        "the debt adviser made there and then, and accepted.",
        "A longer note because the picture has changed. Since the last meeting there have been fewer calls, but the ones "
        "that come are of another kind: worry about bills and post. The letters are mostly from one lender. I think that "
        "the earlier calls were partly about this and nobody asked. I have left a form for the adviser and will go back "
        "with it next week.",
        "Read the file from the start before the meeting. We have asked the same three questions four times between us.",
        "Rang twice, no answer; text sent with the office hours. Answered the text with a thumb.",
        "The GP's practice manager confirmed that our letter arrived and that nobody has opened it. Sent again, marked for a person.",
        "Came in without an appointment and waited forty minutes to be seen. That has not happened before.",
    ),
    "place": (
        "Walked through at six and again at nine. Quiet both times.",
        "Site meeting with those who manage it. Agreed: cut the hedge back, move the bins, and a sign with the number to ring.",
        "Hedge cut. It opens the sight line as we hoped.",
        "The manager has not answered two letters. Third sent, recorded delivery.",
        "Counted litter and glass along the same hundred metres as last month: nine pieces, was thirty-one.",
        "Residents' drop-in: fourteen people came. Most wanted to talk about lighting; two about being followed home.",
        "Camera request sent with the assessment of what it would add. Answer expected within a month.",
        "Camera refused: the site does not meet the threshold. We will look at the way in instead.",
        "Patrol at the times the analysis named. Nobody there on four evenings out of five.",
        "Better on weekdays and no better on Saturdays, say the people who live opposite.",
        "Survey done with the crime reduction officer. Three things would help and none is expensive.",
        "Nothing to report this week.",
        "Nothing to report.",
        "Twelve people on site at half past eight. Moved on without trouble when asked.",
        "Two lamps out on the north side, reported. Reference number taken this time.",
        "Lamps repaired. Photographs before and after are with the lighting team.",
        "Spoke with the councillor, who had eleven e-mails about it and has now sent them on. Seven were new to us.",
        "A man who walks his dog there every evening has kept a list for a year. He gave me a copy. It agrees with ours "
        "but for one night, on which he is right and we had the wrong date.",
        "Knocked at nine doors. Six had never rung anyone about it. Asked them to; left the number.",
        "Contractor came, looked, and went to fetch a longer ladder. Not seen since.",
    ),
    "housing": (
        "The entry door is repaired. It closes by itself now and the code has been changed.",
        "Diary sheets received: eleven entries in sixteen days, most between nine and midnight.",
        "Neighbour rang to say the shouting went on until two. She does not want her details passed on and will not make a "
        "statement. She has started a diary and will bring it in.",
        "Tenancy file read: one warning two years ago, nothing since. Rent is three weeks behind.",
        "Warning given in writing and explained aloud. Understood, and signed.",
        "Inspection of the flat by appointment. In good order. The window catch is reported.",
    ),
    "drink": (
        "Declined the appointment with the drug and alcohol service, politely. Offer left open and dated.",
        "Accepted the appointment with the drug and alcohol service. First session on Monday.",
        "Attended the first session and asked for a second.",
        "The support worker says engagement is better in the mornings. Suggest that all of us stop booking afternoons.",
        "Seen by the shop at nine with two cans, by me at eleven, asleep, and by the hub at two, cheerful. All the same day.",
    ),
    "victim": (
        "Rang to see how the week had been. Slept four nights of seven, which is better than it was.",
        "Went through the log together. Two entries were ours and should not have been counted twice.",
        "Asked whether there is anything we do that makes it worse. “The uniform at the door at eight in the morning.” Noted.",
        "Victim support has been in touch, once. A second call is promised.",
        "Explained what we can and cannot tell about the other party. Accepted, with a sigh.",
        "Daughter came with a list of questions. Answered six, took three away.",
    ),
    "care": (
        "Joint visit with Fire. Smoke alarm fitted in the hall, second one refused. Agreed to keep the back door clear.",
        "Eligible for support with shopping and tablets, to start in ten days.",
        "Carer reports a good week. The kettle has been replaced by one that turns itself off.",
        "The ambulance crew left a note for us rather than a form. It said more than the form does.",
        "Visited with the community nurse. Pleased to see one person rather than three.",
    ),
    "youth": (
        "Home visit with the youth worker. Father present for the first time, and it went better for it.",
        "School says attendance is up to four days. The fifth is the day with double maths.",
        "Seen at the club on both evenings. Played table tennis with the sergeant and lost.",
        "Mother rang: a new telephone, and he will not say from whom. Passed on the same day to those who should know.",
    ),
}
ACTIONS: dict[str, tuple[str, ...]] = {
    "person": (
        "Visit with the neighbourhood officer",
        "Ring the allocated worker and note what is agreed",
        "Book a room at the hub for a joint appointment",
        "Bring the last twelve months of calls to the meeting",
        "Ask for the assessment to be brought forward",
        "Make the referral to the debt adviser",
        "Agree one number for all of us to give out",
        "Put the dates of every visit on one page",
        "Find out who the key worker is since the change of team",
        "Ask for consent to speak with the family, in writing",
        "Check which letters went out and to which address",
        "Write the plan on one side of paper and send it to all",
        "Ask what would have to be different by next month",
    ),
    "place": (
        "Write to the owner about the fence",
        "Ask the lighting team for a date",
        "Count on three evenings at the times the analysis names",
        "Check whether other addresses nearby are affected",
        "Ask residents to ring one number, and give it to them",
        "Get a price for moving the bench",
        "Put a sign up with the number to ring",
        "Meet the manager on site at the hour it happens",
        "Ask Highways who owns the verge",
        "Bring last year's figures for the same weeks",
        "Ask the school which way the children walk",
        "Have the glass cleared before Friday",
        "Draw the sight lines on the plan and bring it",
    ),
    "housing": (
        "Send the diary sheets and explain how to fill them in",
        "Check the tenancy file for earlier warnings",
        "Have the door closer adjusted",
    ),
    "drink": (
        "Offer a morning appointment, and fetch",
        "Draft an acceptable behaviour contract for discussion",
    ),
    "victim": ("Ring every Monday until the next meeting", "Arrange an interpreter for the next visit"),
    "care": ("Offer a safe and well visit again", "Ask for the carer's hours to be looked at"),
    "youth": ("Speak to the school about transport", "Offer a place on the next Firebreak course"),
}
_ANY_OUTCOME = (
    "Done as planned.",
    "Done.",
    "Agreed and confirmed in writing.",
    "Done, and it took one call. We had put it off for a month.",
    "Done. The answer was no, with reasons; they are in the file.",
)
OUTCOMES: dict[bool, tuple[str, ...]] = {
    True: (
        *_ANY_OUTCOME,
        "Done; nobody at home the first time, seen at the second visit.",
        "Done by telephone instead, at their wish.",
        "Done together with a colleague from another agency, which saved a visit.",
    ),
    False: (*_ANY_OUTCOME, "Done; photographs are in the file.", "Done, with the people who live opposite."),
}
"""What came of an action, by whether the case is about a person."""
LATE_OUTCOMES = (
    "Done late because of leave.",
    "Done, late: the first letter went to the wrong address.",
    "Done after a reminder.",
)
DROPPED = (
    "No longer needed: another agency had already done it.",
    "Dropped: the manager has left and the new one had it in hand.",
    "Dropped after the visit, which answered the question.",
    "Dropped: it would have told them more than they need to know.",
)
DECISIONS: dict[str, tuple[str, ...]] = {
    "any": (
        "Keep the case; the plan is the right one and needs another month.",
        "Two agencies agree to visit together rather than apart.",
        "The lead stays where it is.",
        "Bring it back next month with figures, or propose to close it.",
        "One agency to speak for all of us in writing; the others to refer to it.",
        "Nothing new is started until what was agreed last time is done.",
        "The analysis is the weak part: ask someone outside to read it.",
    ),
    "person": (
        "Offer support first; come back to warnings only if it is declined.",
        "Wait for the assessment before anything else is tried.",
        "Appointments in the morning only, from now on, by all of us.",
    ),
    "place": (
        "Write to the manager in the partnership's name.",
        "Light first, then count again; patrols only where the count says so.",
    ),
}
INFORMATION: dict[str, tuple[str, ...]] = {
    "person": (
        "No calls to the ambulance service since the last meeting.",
        "Nothing held by probation.",
        "Attended two of three appointments.",
        "Known to the hub, who see a change for the better.",
        "Nil return from the job centre.",
    ),
    "place": (
        "Fewer calls in the last four weeks than in the four before.",
        "The repair is done; the contractor's photographs are with the lead.",
        "The parish has money for half of it.",
        "No fires since the last meeting.",
        "Two complaints to the councillor, both about the same evening.",
    ),
    "housing": ("Rent is paid up to date.", "A new tenant moves in on the first.", "The repair is done."),
}
MEETING_NOTES = (
    "Those present agreed the figures before discussing them.",
    "Health to be asked in writing, since nobody is here for them today.",
    "The lead thanked the landlord for answering within the day.",
)
EVIDENCE = (
    "Officer's visit",
    "Told us at the visit",
    "Diary sheets",
    "Seen on the day",
    "Partner's file, read at the meeting",
)
