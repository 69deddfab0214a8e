"""The files by which the product is deployed, checked by the programs that read them."""
