"""What the data does to a model: tiny decoders, trained on the arms of an experiment, and a report of what came out."""
