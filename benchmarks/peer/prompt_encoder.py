"""P-tuning's prompt encoder (Liu et al. 2021, section 3.2) with torch's own modules."""

import torch
from torch import nn


class PromptEncoder(nn.Module):
    """MLP(BiLSTM(table)): [tokens, width]."""

    def __init__(self, tokens, width):
        super().__init__()
        self.register_buffer("order", torch.arange(tokens), persistent=False)
        self.embedding = nn.Embedding(tokens, width)
        self.lstm_head = nn.LSTM(width, width // 2, num_layers=2, bidirectional=True, batch_first=True)
        self.mlp_head = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))

    def forward(self):
        hidden, _ = self.lstm_head(self.embedding(self.order).unsqueeze(0))
        return self.mlp_head(hidden).squeeze(0)
