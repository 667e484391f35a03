"""From sources to results: pictures, videos, cameras and streams in; drawings, text, tables and JSON out."""
