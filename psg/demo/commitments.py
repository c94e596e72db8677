"""How a case serves a commitment of the plan, in the words an officer would use."""

HOW = {
    "PSG-1": "The calls behind this case come to several agencies; the aim is to bring them down.",
    "PSG-2": "What lies behind the calls is a need that one agency alone does not meet.",
    "PSG-3": "Support has been offered and the community is being harmed: firm steps are prepared beside it.",
    "ASB-1": "Gathers in one place what residents and agencies know of this anti-social behaviour.",
    "ASB-2": "A local, preventive answer that residents themselves asked for.",
    "ASB-3": "Looks for the cause here rather than for who can be moved on.",
    "ASB-5": "Uses the landlord's steps in order, mildest first.",
    "ASB-6": "Takes up what worked at a similar place in another district.",
    "ASB-8": "Looks after tenants on both sides of the wall.",
    "FS-3": "Fire and rescue are part of the plan, and visits are offered again.",
    "SM-1": "Drink or drugs lie behind it, and the health sector is at the table.",
    "SM-2": "Makes the way to treatment shorter, with mornings kept free.",
    "VAP-1": "Adds what is known here to the picture of violence in the district.",
    "WT-3": "An early sign that several agencies saw, each without the others.",
    "CL-1": "A care leaver, whose personal adviser is asked to the table.",
    "SS-2": "A test of the approach to begging and street life that the plan names.",
}
