#pragma once

#include "ui/explain/ExplainWork.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QScrollArea;
class QStandardItemModel;
class QTableView;

namespace limpid {

class Card;
class PlotView;
class Session;
class Theme;
class WhatIfPanel;

/// What one row would have to be for another prediction: the alternatives beside the row, and the row itself to be changed by
/// hand.
class CounterfactualView : public QWidget
{
    Q_OBJECT
public:
    CounterfactualView(Session& session, const Theme& theme, QWidget* parent = nullptr);

    void setOutcome(std::shared_ptr<const CounterfactualOutcome> outcome, std::shared_ptr<const LoadedModel> model);
    void clear();
    bool isEmpty() const { return !m_outcome; }
    /// What stands there while nothing is shown.
    void setHint(const QString& hint);

private:
    void buildAlternatives();
    void buildWhatIf();
    void showParts();
    void fillTable();
    void useChosen();

    const Theme& m_theme;
    Card *m_card = nullptr, *m_whatIfCard = nullptr;
    PlotView* m_plot = nullptr;
    QScrollArea* m_plotArea = nullptr;
    QLabel *m_hint = nullptr, *m_sentence = nullptr, *m_facts = nullptr;
    QWidget* m_footer = nullptr;
    QTableView* m_table = nullptr;
    QStandardItemModel* m_model = nullptr;
    QPushButton *m_use = nullptr, *m_reset = nullptr;
    WhatIfPanel* m_whatIf = nullptr;
    std::shared_ptr<const CounterfactualOutcome> m_outcome;
};

} // namespace limpid
