"""What joins the workers of one machine to their parent."""
