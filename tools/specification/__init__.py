"""What does the clinical specification show of the knowledge, the rules and the vignettes?"""
