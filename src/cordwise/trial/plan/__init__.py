"""A checked design with everything decided and nothing optional left."""
