#pragma once

#include "core/explain/TextAttribution.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QTableView;

namespace limpid {

class Card;
class PlotView;
class TextRowsModel;
class Theme;

/// Explained words: one row's text with what each word does to its prediction, and the rows to choose from.
class TextView : public QWidget
{
    Q_OBJECT
public:
    explicit TextView(const Theme& theme, QWidget* parent = nullptr);

    /// More rows of what is shown, or another outcome.
    void setOutcome(std::shared_ptr<const TextOutcome> outcome);
    void clear();
    bool isEmpty() const { return !m_outcome || m_outcome->rows.empty(); }
    /// What stands there while nothing is shown.
    void setHint(const QString& hint);
    /// Whether what is shown is whole, so that its quality can be asked for.
    void setComplete(bool complete);

signals:
    void qualityAsked(std::size_t output);   ///< how far the values of that output can be trusted

private:
    void buildText();
    void buildRows();
    void showParts();
    void showRows();
    void showRow();
    QString factsOf(const TextAttribution& row) const;

    const Theme& m_theme;
    Card *m_textCard = nullptr, *m_rowsCard = nullptr;
    QComboBox* m_output = nullptr;
    PlotView* m_plot = nullptr;
    QScrollArea* m_plotArea = nullptr;
    QLabel *m_hint = nullptr, *m_facts = nullptr, *m_sentence = nullptr;
    QPushButton* m_quality = nullptr;
    QTableView* m_rows = nullptr;
    TextRowsModel* m_rowsModel = nullptr;

    std::shared_ptr<const TextOutcome> m_outcome;
    std::size_t m_shownOutput = 0;
    int m_shownRow = -1;            ///< of the outcome
};

} // namespace limpid
