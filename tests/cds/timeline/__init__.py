"""Does the timeline show what the assessment rests on, soundly and legibly?"""
